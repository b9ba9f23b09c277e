// The first arm is about the whole condition, the second about what is compared
@@
expression e;
@@
if (
(
e
|
- e != NULL
+ e
)
   ) {...}

// A head has the same values in each arm's match, a statement alone is the first arm's
@@
expression e;
@@
while (
(
e
|
- pending(e)
+ has_work(e)
)
      )
{...}

@@
expression e;
@@
last =
(
e
|
- pending(e)
+ has_work(e)
)
;

// An earlier arm with the same value excludes the later one
@@
expression e;
@@
while (
(
busy(e)
|
- busy(e)
+ is_busy(e)
)
      )
{...}
