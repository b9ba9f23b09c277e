@@
pragmainfo p;
@@
- #pragma old p
+ #pragma new p
