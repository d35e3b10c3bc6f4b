"""What outlives the server: runs, their newest states and own data in a file on disk, written beside the loop."""
