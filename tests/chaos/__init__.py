"""Breaking the house under load, on purpose and by the dice, and counting what was lost or doubled: nothing may be."""
