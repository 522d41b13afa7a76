"""What an artifact was and what it is: two tables or two documents compared."""
