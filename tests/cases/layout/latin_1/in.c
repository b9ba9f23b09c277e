/* Jürgen */
int a = old("é"); // ÿ
