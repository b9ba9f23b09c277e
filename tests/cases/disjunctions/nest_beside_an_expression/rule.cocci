// The condition that is tested twice, and the one among them that calls
@twice@
expression e;
position p;
@@
 e@p || ... || e

@calls@
expression twice.e, fn;
position twice.p;
@@
(
e@p
&
 <+... \(fn(...)\|e++\) ...+>
)

@depends on !calls@
expression twice.e;
position twice.p;
@@
- e@p
+ once(e)

// An expression beside the first arm's
@@
expression e;
@@
(
 idle(e)
|
 <+...
- poll(e)
+ poll_once(e)
 ...+>
)
