// Without dots statements follow one another in one block.
@@
@@
- first();
+ one();
- second();
+ two();
