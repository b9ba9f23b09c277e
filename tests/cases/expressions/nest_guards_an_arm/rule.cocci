@@
expression x;
statement S;
@@
 x = claim(...);
(
 if (<+... x ...+>) S
|
 if (...) {
+ unchecked();
 ...
 }
)
