# Files that R writes for test_formats.py: Rscript tests/unit/importing/data/formats/make.R FOLDER
# iris.sas7bdat comes with the package haven and was written by SAS; cohort.parquet is written by make.sql (duckdb).
library(haven)
folder <- commandArgs(trailingOnly = TRUE)[1]
n <- 12
cohort <- data.frame(
  patient = sprintf("%03d", 1:n),
  center = factor(rep(c("Zwolle", "Enschede", NA), 4)),
  surgery_date = as.Date("2021-01-04") + 30 * (0:(n - 1)),
  vas_pre = c(8, 7, 9, 6, 8, 7, 9, NA, 8, 7, 9, 6),
  vas_12m = c(3.5, 2, 4, 1, 3, 2, 4.5, 5, NA, 2, 4, 1),
  smoker = rep(c(TRUE, FALSE), 6),
  stringsAsFactors = FALSE
)
for (how in c("gzip", "bzip2", "xz")) saveRDS(cohort, file.path(folder, paste0("cohort_", how, ".rds")), compress = how)
saveRDS(cohort, file.path(folder, "cohort_plain.rds"), compress = FALSE)
saveRDS(list(1, "a"), file.path(folder, "no_table.rds"))
save(cohort, file = file.path(folder, "cohort.rda"))
flat <- transform(cohort, center = as.character(center), smoker = as.integer(smoker))
write_xpt(flat, file.path(folder, "cohort.xpt"), version = 8)
suppressWarnings(write_sas(flat, file.path(folder, "cohort.sas7bdat")))
write.csv(flat, gzfile(file.path(folder, "cohort.csv.gz")), row.names = FALSE, na = "")
write.csv(flat, file.path(tempdir(), "cohort.csv"), row.names = FALSE, na = "")
utils::zip(file.path(folder, "cohort.zip"), file.path(tempdir(), "cohort.csv"), flags = "-j9Xq")
writeLines(c(R.version.string, paste("haven", packageVersion("haven"))), file.path(folder, "versions.txt"))
