"""Closes GDAL's doors before anybody opens it; import this module before pyogrio and geopandas.

GDAL decides by a file's content which driver reads it: a VRT named `x.geojson` returned rows of a system file. The skip
list is read once, when the library loads; setting it afterwards has no effect. So every driver that no delivery needs
is left out, those that follow references, run pipelines, talk to servers or take a connection string for a file name
above all. `tests/unit/test_gdal_env.py` compares what is left with ALLOWED_DRIVERS, so a new GDAL cannot slip one in.
"""

import os

ALLOWED_DRIVERS = frozenset({"ESRI Shapefile", "GPKG", "GeoJSON", "GML", "KML", "FlatGeobuf", "MEM"})
SKIPPED_DRIVERS = (
    # They read other files, or do what a file says.
    "VRT", "OGR_VRT", "GDALG", "GTI", "STACIT", "STACTA", "DERIVED", "GPSBabel",
    # They talk to the network or to a database server.
    "ADBC", "AIVector", "AmigoCloud", "Carto", "CSW", "DAAS", "EEDA", "EEDAI", "Elasticsearch", "HANA", "HTTP",
    "MongoDBv3", "MSSQLSpatial", "MySQL", "NGW", "OAPIF", "OCI", "ODBC", "OGCAPI", "PGeo", "PLSCENES", "PostGISRaster",
    "PostgreSQL", "Snowflake", "WCS", "WFS", "WMS", "WMTS",
    # Formats that no office sends to us; tables (CSV, spreadsheets) go through readers of our own.
    "AVCBin", "AVCE00", "CAD", "CSV", "DGN", "DXF", "EDIGEO", "ESRIJSON", "GeoJSONSeq", "GeoRSS", "GMLAS", "GPX",
    "GTFS", "Idrisi", "JML", "JSONFG", "LIBKML", "LVBAG", "MapInfo File", "MapML", "MBTiles", "MiraMonVector", "MVT",
    "NAS", "netCDF", "ODS", "OGR_GMT", "OGR_PDS", "OpenFileGDB", "OSM", "PCIDSK", "PDF", "PDS4", "PGDUMP", "PMTiles",
    "S57", "Selafin", "SQLite", "SXF", "TopoJSON", "VDV", "VFK", "VICAR", "WAsP", "XLS", "XLSX", "XODR",
    "Arrow", "Parquet",
)  # fmt: skip


def close_doors() -> None:
    """Write the skip list and a ban of remote file systems into the environment of this process and its children."""
    names = ",".join(SKIPPED_DRIVERS)
    # With a comma in it GDAL splits at commas, otherwise at blanks, which some driver names contain.
    os.environ["GDAL_SKIP"] = names
    # GDAL says on stderr which names of the list it does not know, twice. Errors reach us as exceptions all the same.
    os.environ.setdefault("CPL_LOG", os.devnull)
    # /vsicurl/ and its relatives open nothing that does not end like this.
    os.environ["CPL_VSIL_CURL_ALLOWED_EXTENSIONS"] = ".none-is-allowed"
    # A GML names its schema by an address, and GDAL would fetch it: the sender could make this machine call any server.
    os.environ["GML_DOWNLOAD_SCHEMA"] = "NO"
    os.environ["GDAL_HTTP_TIMEOUT"] = "1"
    os.environ["GDAL_HTTP_MAX_RETRY"] = "0"


close_doors()
