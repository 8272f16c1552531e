"""The REST routes. ``ROUTES`` are those that the application serves and that the OpenAPI document is made of."""

from __future__ import annotations

from typing import Any

from exeat.serve.api import deciding, jobs, law, reading, reconcile, record, screening, status, yente

ROUTES: list[Any] = [
    *(status.healthz, status.readyz, status.me, status.rulebook, status.reload),
    deciding.decide,
    *(jobs.start, jobs.jobs, jobs.one, jobs.results, jobs.events, jobs.cancel),
    *(law.law, law.thing, law.as_of, law.diff, law.timeline, law.covered),
    *(screening.screen, screening.decide_hit, screening.hits, screening.lists),
    *(
        yente.match,
        yente.search,
        yente.entity,
        yente.statements,
        yente.catalog,
        yente.manifest,
        yente.algorithms,
        yente.updatez,
    ),
    *reconcile.ROUTES,
    reading.read,
    *(record.decisions, record.decision, record.retention, record.override, record.confirm, record.hold, record.note),
    *(record.event, record.dispose, record.impact, record.due),
    *(record.rerun, record.pack, record.verify, record.head, record.export),
]
