UPDATE trips SET trips = (SELECT value FROM roads_info WHERE name = 'total_time');
