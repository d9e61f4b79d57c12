"""How a mention finds its speaker, one file for each family of rule ids."""
