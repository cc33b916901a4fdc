from tarn_kernel.runner import main

main()
