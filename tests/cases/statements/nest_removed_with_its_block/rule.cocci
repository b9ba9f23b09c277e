@@
expression e;
@@
- if (e) { <+... drain(); ...+> }
+ drain_if(e);
+ settle();
