"""What every capability stands on: time, storage, encryption, errors. It knows no capability and no web framework."""
