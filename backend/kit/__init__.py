"""Money, clock, ids, paging, particles and Korean dates: no business words, standard library only, Python 3.10+."""
