"""The service: REST, the workbench's pages, MCP. Faces only: each route calls what the commands call.

`app.create_app(config)` gives the ASGI application. A request passes, in this order:

1. `gate.Gate`: host check, size and rate limits, who asks (token, session, or the local user), origin of unsafe
   requests, security headers, the log. Nothing behind it need think of those.
2. Litestar's routing, then `roles.guard`: a route says who may use it with ``opt=needs("analyst")``; one that says
   nothing is the admin's alone.
3. the route. It asks for what it needs by name:

   ``services: Services``  the engine, the rulebook, the desk, the record, the jobs (`services.Services`)
   ``asker: Asker``        who asks, their role, the language of the answer, the session and its CSRF token
                           (`asker.Asker`)

How a page is added
-------------------
1. Write a handler in a module of `pages`, and add it to ``ROUTES`` in ``pages/__init__.py``::

       @get("/coverage", opt=needs("viewer"), include_in_schema=False)
       async def coverage(services: Services, asker: Asker) -> Template:
           return page("coverage.html", asker, gaps=...)

       @post("/note", opt=needs("analyst"), include_in_schema=False)
       async def note(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Redirect:
           form = await request.form()      # its CSRF field was checked already
           return Redirect("/notes", status_code=303)

2. Put its template into ``templates/``; it extends ``base.html`` and fills ``title`` and ``main``. Every template knows
   ``asker``, ``lang``, ``csrf`` (the hidden field of a form), ``verdict(word)``, ``day(iso)``, ``static(name)`` and the
   filter ``visible``, through which every text from outside goes (`exeat.page.safe`).
3. A form has ``{{ csrf }}`` in it; htmx sends the header ``X-CSRF-Token`` from ``<body hx-headers=...>`` or a form's
   field. Without either a POST is refused (403) before the handler sees it.
4. No inline script, style or event handler, and no ``style=""``: the policy of `gate` lets none run. Files go into
   ``static/`` and are named with ``static("name.css")``, which adds their hash, so that browsers may keep them.
5. Faults are raised, not caught: `InputError` and `InputErrors` become a page (422) or a problem document, whichever
   the client asked for; `problem.Refused(status, title)` any other refusal.
6. Whoever looks at the record goes through ``services.look(asker, what, n)`` first: every access is entered there.
7. Text a person typed half-way is kept with ``asker.session.put(key, value)`` and read with ``.get(key)``.
"""
