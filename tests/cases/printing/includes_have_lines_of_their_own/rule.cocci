@@
@@

  #include <b.h>
+ #include <c.h>
+ #include <d.h>
