"""A PostgreSQL server for the tests: the one in $TEST_DATABASE_URL, else a cluster of our own for this run.

The cluster lives in a folder of /tmp (a socket's path must be short) named after the process that runs pytest; its
workers share it, the first one that needs it starts it, and that process stops it. A cluster whose process was killed
is stopped by the next run. `python -m tests.machine.postgresql` prints where the server programs are, or nothing.
"""

import fcntl
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

SERVER_PROGRAMS = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin")
OLDEST = 15
PREFIX = "aterkomst-pg-"
RUN = "ATERKOMST_TEST_RUN"
"""The environment's name for the process id of the pytest that its workers belong to."""
SETTINGS = {
    # A test database may be lost, so nothing waits for the disk.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
}


def find_server_programs() -> Path | None:
    """Return the folder with the newest initdb and postgres of at least version 15."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for pattern in SERVER_PROGRAMS:
        folders += Path("/").glob(pattern.lstrip("/"))
    usable = [(version, folder) for folder in folders if (version := _version(folder)) >= OLDEST]
    return max(usable)[1] if usable else None


def _version(folder: Path) -> int:
    if not (folder / "initdb").exists() or not (folder / "postgres").exists():
        return 0
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+", said)
    return int(found.group()) if found else 0


def server() -> URL:
    """Return the address of the server, with a role that may create databases; starts the cluster when it must."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return make_url(given).set(drivername="postgresql+psycopg")
    folder = _folder(int(os.environ[RUN]))
    with _locked(folder):
        if not (folder / "data").exists():
            _sweep()
            _start(folder)
    return URL.create("postgresql+psycopg", username=_role(), database="postgres", query={"host": str(folder)})


def stop(run: int) -> None:
    """Stop the cluster of a run, if it had one, and remove it."""
    folder = _folder(run)
    if (folder / "data").exists():
        programs = find_server_programs()
        assert programs is not None
        _run([programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-s", "stop"], check=False)
    shutil.rmtree(folder, ignore_errors=True)
    _lock_file(folder).unlink(missing_ok=True)


def recreate(server_url: URL, name: str, template: str) -> URL:
    """Make the database `name` anew as a copy of `template` and return its address."""
    with connect(server_url) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    return server_url.set(database=name)


def drop(server_url: URL, name: str) -> None:
    """Remove a database of a server that outlives the run."""
    with connect(server_url) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def connect(url: URL) -> psycopg.Connection[tuple[object, ...]]:
    """Return a plain connection in autocommit, for what SQLAlchemy has no words for."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with _lock_file(folder).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _lock_file(folder: Path) -> Path:
    return folder.with_suffix(".lock")


def _folder(run: int) -> Path:
    return Path("/tmp") / f"{PREFIX}{run}"  # noqa: S108 - named after a living process, made by us with mode 0700


def _role() -> str:
    """PostgreSQL refuses to run as root, so there it runs as the user that the package made."""
    return "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def _run(command: Sequence[str | Path], *, check: bool = True) -> None:
    as_role = {"user": _role()} if os.geteuid() == 0 else {}
    done = subprocess.run(command, check=False, cwd="/", capture_output=True, text=True, **as_role)  # type: ignore[call-overload]
    if check and done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")


def _start(folder: Path) -> None:
    programs = find_server_programs()
    if programs is None:
        raise RuntimeError("No PostgreSQL server programs: run `tools/machine.sh services`")
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, _role())
    data = folder / "data"
    locale = ["--encoding=UTF8", "--locale-provider=icu", "--icu-locale=sv-SE", "--locale=C.UTF-8"]
    _run([programs / "initdb", "-D", data, "--auth=trust", "--no-sync", "--username", _role(), *locale])
    options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in SETTINGS.items())
    _run([programs / "pg_ctl", "-D", data, "-w", "-s", "-l", folder / "log", "-o", f"{options} -k {folder}", "start"])


def _sweep() -> None:
    """Stop what a killed run left behind."""
    for folder in Path("/tmp").glob(f"{PREFIX}*[0-9]"):  # noqa: S108
        run = int(folder.name.removeprefix(PREFIX))
        if not _is_alive(run):
            stop(run)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    print(find_server_programs() or "")  # noqa: T201 - the answer to the shell script that asks
