"""The server: sessions in trainer processes, and the front that talks to browsers."""
