"""Sample data of any size, to measure growth with. `manage.py load_sample_data` calls each module's `fill()`."""
