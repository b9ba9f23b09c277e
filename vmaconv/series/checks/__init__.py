"""Does each patch build, and what does checkpatch say?"""
