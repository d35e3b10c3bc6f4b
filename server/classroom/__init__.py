"""The classroom: rooms with a code, who is in them and what each may do, and the questions that a teacher asks."""
