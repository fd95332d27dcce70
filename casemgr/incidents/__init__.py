"""What happened: each incident of a case, its classification and the alleged perpetrators."""
