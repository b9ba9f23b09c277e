"""Running a rule file over C files: order, inheritance, dependencies."""
