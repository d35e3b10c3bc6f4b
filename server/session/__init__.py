"""A session and its host: commands carried out, frames made, many sessions in slices of one process."""
