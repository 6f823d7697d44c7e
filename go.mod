module github.com/cuecompute/cuecompute

go 1.26
