"""The application that a server loads: `flask --app wsgi` and `gunicorn wsgi:app`."""

from click import ClickException
from sqlalchemy.exc import OperationalError

from app import create_app
from app.kernel.encryption import WrongKey
from app.web import logs
from config import from_environment

logs.configure()
try:
    app = create_app(from_environment())
except WrongKey as refused:
    raise ClickException(str(refused)) from None  # A line for an operator; to a server it is a failure like any.
except OperationalError as lost:
    raise ClickException(f"the database cannot be reached: {lost.orig}") from None
