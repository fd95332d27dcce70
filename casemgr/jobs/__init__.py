"""Work done behind the pages: one table, claimed by workers, each kind safe to run again after a kill."""
