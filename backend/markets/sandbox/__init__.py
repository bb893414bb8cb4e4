"""Markets to try things on: one HTTP process that behaves like Cafe24, Naver Commerce and Coupang.

Documented paths, payload shapes, codes and signatures, with made-up shops behind them, and faults on request. It imports
nothing of the product but the kit, so that an adapter that works here has only ever met the wire.
"""
