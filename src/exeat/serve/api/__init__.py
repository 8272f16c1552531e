"""The REST routes. ``ROUTES`` are those that the application serves."""

from __future__ import annotations

from typing import Any

from exeat.serve.api import status

ROUTES: list[Any] = [status.healthz, status.readyz]
