"""Lines as the coding style has them: their length and indentation."""
