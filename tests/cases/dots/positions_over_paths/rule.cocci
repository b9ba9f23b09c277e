// Under forall the branches are one match, which sees all the places.
@r@
position p;
@@
  begin();
  ...
  end@p();

@@
position r.p;
@@
- end@p();
+ stop();
