"""What a network learns from: data sets, features of the plane, users' own tables, and their preparation."""
