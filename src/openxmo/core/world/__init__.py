"""The made-up sample organisation: Northlight Broadband, with planted truths or, as its twin, without."""
