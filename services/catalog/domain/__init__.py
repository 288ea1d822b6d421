"""The rules of catalog: prices, hand-set prices, who serves whom, stock. Values in, values out."""
