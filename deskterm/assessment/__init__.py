"""The desk's self-assessment: how mature each of the eleven systems is, by questions that the desk's own records answer."""
