-- Which shops' shelves have changed is asked every minute, of one row a shop among one a product. The version is left
-- out of the index, so that bumping it stays cheap.
-- squawk-ignore require-concurrent-index-creation
create index shelf_version_lists on shelf_version (merchant_id)
  where subject_id = '00000000-0000-0000-0000-000000000000';
