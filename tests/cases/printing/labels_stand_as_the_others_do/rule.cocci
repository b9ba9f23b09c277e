@@
expression e;
@@
  switch (e) {
+ case MODE_NONE:
+ 	off(e);
+ 	break;
  case MODE_SLOW:
  ...
  }

@@
@@
  fast();
  break;
+ case MODE_AUTO: fast(); break;

@@
@@
- default: break;
+ default:
+ 	warn();
+ 	break;

@@
@@
  switch (...) {
  case MODE_ONE: ...
+ default:
+ 	return;
  }
