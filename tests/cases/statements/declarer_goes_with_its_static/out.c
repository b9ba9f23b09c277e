static int three;
