/* Jürgen */
int a = renewed("é"); // ÿ
