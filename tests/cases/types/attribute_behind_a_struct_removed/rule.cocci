@@
attribute name __packed;
identifier s;
@@
 struct s { ... }
- __packed
 ;
