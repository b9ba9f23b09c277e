// What an earlier arm matches stays, though the later one would bind another e
@@
expression e;
@@
if (
(
 checked(e)
|
- e
+ check(e)
)
   ) {...}
