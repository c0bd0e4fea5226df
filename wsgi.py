"""The application that a server loads: `flask --app wsgi` and `gunicorn wsgi:app`."""

from app import create_app
from app.web import logs
from config import from_environment

logs.configure()
app = create_app(from_environment())
