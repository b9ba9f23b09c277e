@@
identifier probe;
@@
probe(...
-     , int flags
      , ...) { ... }
