typedef int reference_to_come;
