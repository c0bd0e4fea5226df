"""Pages and scheduler in one process, for one machine and for a rehearsal."""

from flask import Flask
from gunicorn.app.base import BaseApplication

from app import scheduler
from app.kernel.database import Database
from config import Config

THREADS = 8


class OneProcess(BaseApplication):  # type: ignore[misc]
    """Gunicorn with one worker of a few threads, which ticks as well: finishes what it has begun when told to stop."""

    def __init__(self, app: Flask, database: Database, config: Config) -> None:
        self._app, self._database, self._config = app, database, config
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn reads from its own configuration otherwise."""
        self.cfg.set("bind", f"127.0.0.1:{self._config.port}")
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("workers", 1)
        self.cfg.set("threads", THREADS)
        self.cfg.set("control_socket_disable", True)
        self.cfg.set("post_worker_init", lambda _worker: scheduler.start(self._database, self._config))

    def load(self) -> Flask:
        """Return the application."""
        return self._app


def serve(app: Flask, database: Database, config: Config) -> None:
    """Serve until told to stop; connections made before the worker forks are closed first."""
    database.dispose()
    app.extensions["database"].dispose()
    OneProcess(app, database, config).run()
