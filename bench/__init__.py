"""What is measured, and how: ``make bench`` runs every part and prints a table each."""
