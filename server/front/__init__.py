"""The front process: routes, sockets, sessions found again, uploads, and jobs beside the event loop."""
