"""The application that a server loads: `flask --app wsgi` and `gunicorn wsgi:app`."""

from app import create_app
from config import from_environment

app = create_app(from_environment())
