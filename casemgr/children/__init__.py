"""Child protection: records of children with an owner and a key of their own, linked to cases."""
