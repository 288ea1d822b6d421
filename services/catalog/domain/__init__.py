"""The rules of catalog: products and the tree, prices, quantities, sight, stock, files. Values in, values out."""
